module podlab/pause

go 1.26.0
