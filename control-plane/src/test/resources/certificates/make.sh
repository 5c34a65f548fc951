#!/bin/sh
# Makes the certificates beside it. What they prove is nothing: no key of theirs is kept.
set -eu
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT

# name, subject, days, then what openssl req is told besides
authority() {
  name=$1 subject=$2 days=$3
  shift 3
  openssl req -x509 -nodes -keyout "$keys/$name.key" -out "$name.pem" -subj "$subject" -days "$days" "$@" 2>/dev/null
}

ec="-newkey ec -pkeyopt ec_paramgen_curve:P-256"
authority ec "/O=Acme/CN=Acme devices" 36500 $ec -set_serial 0x1f \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
authority rsa "/O=Acme/CN=Acme services" 36500 -newkey rsa:2048 -sha256
authority ed25519 "/CN=Acme machines" 36500 -newkey ed25519
authority sha1-root "/CN=Acme of old" 36500 -newkey rsa:2048 -sha1
authority rsa-1024 "/CN=Short" 36500 -newkey rsa:1024
authority leaf "/CN=meter-1" 36500 $ec -addext basicConstraints=critical,CA:FALSE
authority no-cert-sign "/CN=Lists only" 36500 $ec -addext keyUsage=critical,cRLSign

# Signed by another one
for digest in sha1 sha256; do
  openssl req -new -nodes -newkey rsa:2048 -keyout "$keys/$digest.key" -out "$keys/$digest.csr" -subj "/CN=Below by $digest" 2>/dev/null
  printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' > "$keys/ca.ext"
  openssl x509 -req -in "$keys/$digest.csr" -CA rsa.pem -CAkey "$keys/rsa.key" -out "$digest-below.pem" \
    -days 36500 "-$digest" -extfile "$keys/ca.ext" 2>/dev/null
done
openssl x509 -req -in "$keys/sha1.csr" -CA rsa.pem -CAkey "$keys/rsa.key" -out sha1-pss-below.pem -days 36500 -sha1 \
  -sigopt rsa_padding_mode:pss -extfile "$keys/ca.ext" 2>/dev/null

keytool -genkeypair -keystore "$keys/expired.p12" -storepass changeit -alias a -keyalg EC -groupname secp256r1 \
  -dname "CN=Expired" -startdate 2020/01/01 -validity 365 -ext bc:critical=ca:true 2>/dev/null
keytool -exportcert -rfc -keystore "$keys/expired.p12" -storepass changeit -alias a 2>/dev/null > expired.pem
