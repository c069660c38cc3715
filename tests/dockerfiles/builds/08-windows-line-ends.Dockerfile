FROM hello-world:nanoserver
SHELL ["cmd", "/S", "/C"]
RUN echo one && \
    echo two

FROM python:3.6-windowsservercore
COPY --from=0 C:/hello.txt C:/
