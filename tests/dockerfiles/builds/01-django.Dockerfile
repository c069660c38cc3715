FROM python:3.6-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=off
WORKDIR /code
COPY requirements.txt /code/
RUN pip install -r requirements.txt
COPY . /code/
EXPOSE 8000
CMD ["gunicorn", "--bind", ":8000", "shop.wsgi"]
