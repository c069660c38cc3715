# FROM python:2.7
   # FROM python:2.6
FROM python:3.6   
ONBUILD COPY requirements.txt /usr/src/app/
ONBUILD RUN pip install -r requirements.txt
