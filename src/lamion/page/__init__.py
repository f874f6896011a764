"""The local page: forms, figures and answers in a browser, made from the tasks as the command line is."""
