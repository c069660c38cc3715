# escape=`
FROM python:3.6-windowsservercore
RUN powershell -Command `
    Write-Host "FROM python:2.7"
WORKDIR C:\app\
COPY . .
