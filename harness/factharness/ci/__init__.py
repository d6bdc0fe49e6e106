"""GitHub and GitLab, the services that check pull requests.

``hosts`` reads the variables of their jobs, ``comments`` keeps a comment on a pull request up to date.
"""
