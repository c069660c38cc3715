FROM \
  # which Python
  python:3.6-slim \
  AS runtime
RUN true
