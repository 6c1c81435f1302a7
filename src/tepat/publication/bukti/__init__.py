"""What goes into an evidence pack beside its data: the script that checks it, needing nothing of ours."""
