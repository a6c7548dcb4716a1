// HPKE (RFC 9180): single-shot seal and open in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256
// and ChaCha20-Poly1305 and empty AAD. One suite and one mode is all that the protocol has (§4.6).

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ascii, join, type Random, u16 } from "./encoding.ts";

const VERSION = ascii("HPKE-v1");
const KEM = join(ascii("KEM"), u16(0x0020));
const SUITE = join(ascii("HPKE"), u16(0x0020), u16(0x0001), u16(0x0003));
const EMPTY = new Uint8Array(0);
/** Bytes of an encapsulated key. */
const ENC = 32;

/** LabeledExtract, RFC 9180 §4. */
function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) {
  return extract(sha256, join(VERSION, suite, ascii(label), ikm), salt);
}

/** LabeledExpand, RFC 9180 §4. */
function labeledExpand(
  suite: Uint8Array,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  return expand(sha256, prk, join(u16(length), VERSION, suite, ascii(label), info), length);
}

/**
 * enc ‖ ct: `plaintext` sealed to an X25519 public key, 32 + 16 bytes longer.
 *
 * The ephemeral private key is 32 bytes of `random` as they are: RFC 9180 §7.1.2 clamps them in use.
 */
export function seal(
  publicKey: Uint8Array,
  info: Uint8Array,
  plaintext: Uint8Array,
  random: Random,
): Uint8Array {
  const ephemeral = random(32);
  const enc = x25519.getPublicKey(ephemeral);
  const shared = x25519.getSharedSecret(ephemeral, publicKey); // throws on a key of low order
  return join(enc, cipher(shared, enc, publicKey, info).encrypt(plaintext));
}

/** What `sealed` = enc ‖ ct holds; throws if it was not sealed to this key for this use. */
export function open(
  privateKey: Uint8Array,
  info: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  const shared = x25519.getSharedSecret(privateKey, sealed.subarray(0, ENC));
  return openWith(shared, x25519.getPublicKey(privateKey), info, sealed);
}

/** What `sealed` holds, from the shared X25519 value alone (§4.6: a decryption factor). */
export function openWith(
  shared: Uint8Array,
  publicKey: Uint8Array,
  info: Uint8Array,
  sealed: Uint8Array,
): Uint8Array {
  const enc = sealed.subarray(0, ENC);
  return cipher(shared, enc, publicKey, info).decrypt(sealed.subarray(ENC));
}

/** ExtractAndExpand of RFC 9180 §4.1, then KeySchedule of §5.1: the cipher for one message. */
function cipher(
  shared: Uint8Array,
  enc: Uint8Array,
  publicKey: Uint8Array,
  info: Uint8Array,
) {
  const eaePrk = labeledExtract(KEM, EMPTY, "eae_prk", shared);
  const secret = labeledExpand(KEM, eaePrk, "shared_secret", join(enc, publicKey), 32);
  const context = join(
    Uint8Array.of(0), // mode_base
    labeledExtract(SUITE, EMPTY, "psk_id_hash", EMPTY),
    labeledExtract(SUITE, EMPTY, "info_hash", info),
  );
  const prk = labeledExtract(SUITE, secret, "secret", EMPTY);
  const key = labeledExpand(SUITE, prk, "key", context, 32);
  const nonce = labeledExpand(SUITE, prk, "base_nonce", context, 12);
  return chacha20poly1305(key, nonce);
}
