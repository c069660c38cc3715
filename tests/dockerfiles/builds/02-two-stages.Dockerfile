# Build the wheels where there is a compiler, and run them where there is none.
FROM python:3.6 AS wheels
WORKDIR /wheels
COPY requirements.txt .
RUN pip wheel --no-deps -r requirements.txt

FROM python:3.6-slim
COPY --from=wheels /wheels /wheels
RUN pip install --no-index --find-links=/wheels /wheels/*.whl && rm -rf /wheels
USER nobody
ENTRYPOINT ["python", "-m", "app"]
