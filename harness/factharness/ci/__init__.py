"""The services that check pull requests, GitHub and GitLab: their variables, and the comments they keep."""
