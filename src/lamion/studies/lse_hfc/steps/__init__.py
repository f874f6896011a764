"""The audits of this study alone, one file each, written like any task: copy one to write your own."""
