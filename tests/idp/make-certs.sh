#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# make-certs.sh DIR: a test CA and server certificates signed by it, for the
# test provider. NAME.pem and NAME.key each:
#   ca           the CA to trust
#   server       id.beproduct.test
#   wrong-name   wrong.beproduct.test
#   no-san       id.beproduct.test as common name, and no subjectAltName
#   mail-san     the same, and an e-mail address there
#   expired      id.beproduct.test, ended in 2021
#   self-signed  id.beproduct.test, signed by nobody else
#   other-ca     a CA that signed nothing here: trusting it must not help
set -eu

[ $# -eq 1 ] || { echo "usage: make-certs.sh DIR" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
umask 077

new_key() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
}

# Of its own, so that the machine's openssl.cnf adds nothing.
cat >openssl.cnf <<'CNF'
[req]
distinguished_name = dn
prompt = no
[dn]
CN = placeholder
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[host]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:$ENV::SAN
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[no_san]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
[mail_san]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = email:$ENV::SAN
[sign]
default_ca = test
[test]
database = index
new_certs_dir = issued
default_md = sha256
policy = any
copy_extensions = none
unique_subject = no
rand_serial = yes
[any]
commonName = supplied
CNF
SAN=unused
export SAN

authority() {	# NAME
	new_key "$1"
	openssl req -x509 -new -config openssl.cnf -extensions authority -sha256 \
	    -days 3650 -subj "/CN=test $1" -key "$1.key" -out "$1.pem"
}

host() {	# NAME HOST START END [EXTENSIONS [ALTERNATIVE]]
	SAN=${6-$2}
	new_key "$1"
	openssl req -new -config openssl.cnf -subj "/CN=$2" -key "$1.key" -out "$1.csr"
	openssl ca -batch -notext -config openssl.cnf -name test \
	    -extensions "${5-host}" -cert ca.pem -keyfile ca.key \
	    -startdate "$3" -enddate "$4" -in "$1.csr" -out "$1.pem" 2>ca.log ||
	    { cat ca.log >&2; exit 1; }
	rm -f "$1.csr"
}

mkdir issued
: >index
authority ca
authority other-ca
host server id.beproduct.test 20200101000000Z 20491231000000Z
host wrong-name wrong.beproduct.test 20200101000000Z 20491231000000Z
host no-san id.beproduct.test 20200101000000Z 20491231000000Z no_san
host mail-san id.beproduct.test 20200101000000Z 20491231000000Z mail_san \
    hosts@id.beproduct.test
host expired id.beproduct.test 20200101000000Z 20210101000000Z
SAN=id.beproduct.test
new_key self-signed
openssl req -x509 -new -config openssl.cnf -extensions host -sha256 -days 3650 \
    -subj "/CN=id.beproduct.test" -key self-signed.key -out self-signed.pem
rm -rf issued index index.* ca.log openssl.cnf
chmod 0644 ./*.pem
