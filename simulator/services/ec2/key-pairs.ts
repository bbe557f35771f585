/** Key pairs: ImportKeyPair, DeleteKeyPair and DescribeKeyPairs. Nothing here logs in anywhere. */
import { createHash } from 'node:crypto';
import type {
  DeleteKeyPairRequest,
  DeleteKeyPairResult,
  DescribeKeyPairsRequest,
  DescribeKeyPairsResult,
  ImportKeyPairRequest,
  ImportKeyPairResult,
  KeyPairInfo,
} from '@aws-sdk/client-ec2';
import { ApiError, type Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { compileFilters, type Facets } from './filters.ts';
import { KEY_PAIR, newId } from './ids.ts';
import { assertKeyPair, keyPairsOf } from './network.ts';
import type { KeyPairRow } from './network-memory.ts';
import { assertAtMostOne, assertLength, required } from './parameters.ts';
import { readTagSpecifications, tagsOut } from './tags.ts';

const NAME_MAX = 255;

const FACETS: Facets<KeyPairRow> = {
  'key-pair-id': (row) => [row.keyPairId],
  'key-name': (row) => [row.keyName],
  fingerprint: (row) => [row.fingerprint],
};

const PUBLIC_KEY = /^ssh-(rsa|ed25519) ([A-Za-z0-9+/=]+)(?: .*)?\s*$/;

/** MD5 as in RFC 4716 of an RSA key, SHA-256 in base64 of the others (API reference). */
const fingerprintOf = (keyType: KeyPairRow['keyType'], blob: Uint8Array): string =>
  keyType === 'rsa'
    ? createHash('md5')
        .update(blob)
        .digest('hex')
        .replace(/(..)(?=.)/g, '$1:')
    : createHash('sha256').update(blob).digest('base64');

const readKey = (
  material: Uint8Array,
): Pick<KeyPairRow, 'keyType' | 'fingerprint' | 'publicKey'> => {
  const publicKey = Buffer.from(material).toString('utf8');
  const [, kind, data = ''] = PUBLIC_KEY.exec(publicKey) ?? [];
  if (kind === undefined) {
    throw new ApiError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
  }
  const blob = Buffer.from(data, 'base64');
  const keyType = kind === 'rsa' ? 'rsa' : 'ed25519';
  return { keyType, fingerprint: fingerprintOf(keyType, blob), publicKey };
};

const importKey = (ec2: Ec2, input: ImportKeyPairRequest, call: Call): ImportKeyPairResult => {
  const keyName = required('KeyName', input.KeyName);
  assertLength('KeyName', keyName, NAME_MAX);
  const key = readKey(required('PublicKeyMaterial', input.PublicKeyMaterial));
  const tags = readTagSpecifications(input.TagSpecifications, ['key-pair'])('key-pair');
  if (keyPairsOf(ec2, call).some((row) => row.keyName === keyName)) {
    throw new ApiError('InvalidKeyPair.Duplicate', `The keypair already exists: ${keyName}`);
  }
  const keyPairId = newId(ec2.kernel, KEY_PAIR.prefix, 'ids of key pairs');
  const row = { keyPairId, keyName, ownerId: call.account, createdAtMs: call.nowMs, tags, ...key };
  const { beforeChange, network } = ec2.store(call.region);
  beforeChange();
  network.keyPairs.set(keyPairId, row);
  const Tags = tagsOut(tags);
  return { KeyName: keyName, KeyPairId: keyPairId, KeyFingerprint: row.fingerprint, Tags };
};

const isNamed = (row: KeyPairRow, by: { KeyName?: string; KeyPairId?: string }): boolean =>
  row.keyName === by.KeyName || row.keyPairId === by.KeyPairId;

/** A key pair that does not exist is as good as deleted. */
const deleteKey = (ec2: Ec2, input: DeleteKeyPairRequest, call: Call): DeleteKeyPairResult => {
  assertAtMostOne(input, ['KeyName', 'KeyPairId']);
  const by = { KeyName: input.KeyName ?? '', KeyPairId: input.KeyPairId ?? '' };
  const row = keyPairsOf(ec2, call).find((one) => isNamed(one, by));
  if (row === undefined) return { Return: true };
  const { beforeChange, network } = ec2.store(call.region);
  beforeChange();
  network.keyPairs.delete(row.keyPairId);
  return { Return: true, KeyPairId: row.keyPairId };
};

const assertIds = (ec2: Ec2, ids: readonly string[], call: Call): void => {
  const own = keyPairsOf(ec2, call);
  const missing = ids.find((id) => !own.some((row) => row.keyPairId === id));
  if (missing === undefined) return;
  throw new ApiError('InvalidKeyPair.NotFound', `The key pair ID '${missing}' does not exist`);
};

const keyOut = (row: KeyPairRow, showsKey: boolean): KeyPairInfo => ({
  KeyPairId: row.keyPairId,
  KeyName: row.keyName,
  KeyFingerprint: row.fingerprint,
  KeyType: row.keyType,
  CreateTime: new Date(row.createdAtMs),
  PublicKey: showsKey ? row.publicKey : undefined,
  Tags: tagsOut(row.tags),
});

const describeKeys = (
  ec2: Ec2,
  input: DescribeKeyPairsRequest,
  call: Call,
): DescribeKeyPairsResult => {
  const { KeyNames: names, KeyPairIds: ids } = input;
  const holds = compileFilters(input.Filters, FACETS);
  for (const name of names ?? []) assertKeyPair(ec2, name, call);
  assertIds(ec2, ids ?? [], call);
  const rows = keyPairsOf(ec2, call)
    .filter((row) => names === undefined || names.includes(row.keyName))
    .filter((row) => ids === undefined || ids.includes(row.keyPairId))
    .filter(holds);
  return { KeyPairs: rows.map((row) => keyOut(row, input.IncludePublicKey === true)) };
};

export const keyPairOperations = (ec2: Ec2) => ({
  ImportKeyPair: (input: ImportKeyPairRequest, call: Call) => importKey(ec2, input, call),
  DeleteKeyPair: (input: DeleteKeyPairRequest, call: Call) => deleteKey(ec2, input, call),
  DescribeKeyPairs: (input: DescribeKeyPairsRequest, call: Call) => describeKeys(ec2, input, call),
});
