"""A private certificate authority, for registries with TLS and for signed tokens."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import json
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

_DAY = datetime.timedelta(days=1)


class Authority:
    """Makes certificates for loopback addresses."""

    def __init__(self, name: str = "a private authority") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        self.certificate = _certificate(self._name, self._name, self._key.public_key(), self._key, is_authority=True)

    def write(self, folder: Path) -> tuple[Path, Path, Path]:
        """Write a certificate for 127.0.0.1 and localhost, its key, and the authority's certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(_name("127.0.0.1"), self._name, key.public_key(), self._key, is_authority=False)
        folder.mkdir(parents=True, exist_ok=True)
        paths = (folder / "server.pem", folder / "server.key", folder / "authority.pem")
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        for path, content in zip(paths, (_pem(made), private, _pem(self.certificate)), strict=True):
            path.write_bytes(content)
        return paths


class TokenSigner:
    """Signs tokens as a token server does: RS256, with the certificate in the header (distribution, auth/jwt.md)."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = _name("a token server")
        self.certificate = _certificate(name, name, self._key.public_key(), self._key, is_authority=True)

    def write_certificate(self, path: Path) -> Path:
        path.write_bytes(_pem(self.certificate))
        return path

    def sign(self, claims: object) -> str:
        chain = [base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()]
        head = _base64url(json.dumps({"typ": "JWT", "alg": "RS256", "x5c": chain}).encode())
        content = f"{head}.{_base64url(json.dumps(claims).encode())}"
        signature = self._key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{content}.{_base64url(signature)}"


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    signer: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signer, hashes.SHA256())
    )
