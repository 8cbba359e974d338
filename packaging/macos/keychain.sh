#!/bin/bash
# Puts the signing certificate into a keychain of its own, on a build machine that is thrown away afterwards.
# CERTIFICATE (a PKCS #12 file in base64) and PASSWORD come by the environment and go on by pipes and files that only this
# user can read: what stands on a command line, every program on the machine can read.
set -euo pipefail
umask 077
case "$PASSWORD" in
  "" | *[\"\\]* | *[[:cntrl:]]*)
    echo "keychain: the certificate's password must be there, and without quotation marks and backslashes" >&2
    exit 2
    ;;
esac
keychain="$RUNNER_TEMP/exoalias.keychain-db"
certificate="$RUNNER_TEMP/exoalias.p12"
trap 'rm -f "$certificate"' EXIT
printf '%s' "$CERTIFICATE" | base64 --decode > "$certificate"
own=$(openssl rand -hex 24)
# "security -i" reads its commands from where we write them; it goes on after a failure, so the last line looks at the outcome.
security -i > /dev/null <<COMMANDS
create-keychain -p $own "$keychain"
set-keychain-settings -lut 21600 "$keychain"
unlock-keychain -p $own "$keychain"
import "$certificate" -k "$keychain" -P "$PASSWORD" -T /usr/bin/codesign
set-key-partition-list -S apple-tool:,apple: -s -k $own "$keychain"
COMMANDS
# Looked through besides the usual ones; the usual one stays the one that programs keep their secrets in.
others=()
while IFS= read -r line; do
  line="${line#*\"}"
  others+=("${line%\"*}")
done < <(security list-keychains -d user)
security list-keychains -d user -s "$keychain" "${others[@]}"
security find-identity -v -p codesigning "$keychain" | grep -q "Developer ID Application" || {
  echo "keychain: the certificate could not be read, or is no \"Developer ID Application\"" >&2
  exit 1
}
