FROM python:3.6-slim@sha256:a3b08174237fd5e247b0091ce0462cbfb10b73140b984b7cdebf2e16f9e0be28
RUN pip install flask==0.12.2
