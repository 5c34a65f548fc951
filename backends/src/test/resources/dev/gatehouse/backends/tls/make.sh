#!/bin/sh
# Makes the certificates of TlsPostgres anew: an authority, a server's of it that is for the name
# localhost and not for the address, and another authority. Needs OpenSSL 3.
set -e
cd "$(dirname "$0")"
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 \
    -subj "/O=Gatehouse tests/CN=$1" -keyout "$1.key" -out "$1.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
}
authority authority
authority other-authority
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=server -keyout server.key -out server.csr
printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n' > server.ext
openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -days 36500 -extfile server.ext -out server.pem
rm -f server.csr server.ext authority.key other-authority.key authority.srl
