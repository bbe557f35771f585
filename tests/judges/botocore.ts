/**
 * botocore in a process of its own: its serializers write requests, its parsers read answers. Values
 * travel as JSON, with `{"$time": seconds}` and `{"$bytes": base64}` where JSON has no type.
 */
import { execFile } from 'node:child_process';
import type { ServiceId } from '../../simulator/wire/api.ts';

/** What botocore is to write as a request of an operation. */
export interface ToWrite {
  readonly service: ServiceId;
  readonly operation: string;
  readonly input: object;
}

/** What botocore is to read as the answer to an operation. */
export interface ToRead {
  readonly service: ServiceId;
  readonly operation: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the answer should say; the judge hands it back without members that botocore lacks. */
  readonly output?: object;
}

export interface Written {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The input, without members that botocore lacks. */
  readonly input: object;
}

export interface Read {
  readonly parsed: Readonly<Record<string, unknown>>;
  readonly output: object;
}

export interface Judgement {
  /** Names of all operations that botocore has. */
  readonly operations: Readonly<Record<ServiceId, readonly string[]>>;
  /** In the order asked; null for an operation that botocore does not have. */
  readonly written: readonly (Written | null)[];
  readonly read: readonly (Read | null)[];
  /** Of the members of all inputs and outputs given, how many botocore has and has not. */
  readonly members: { readonly known: number; readonly unknown: number };
}

const SCRIPT = `
import base64, datetime, json, sys
from urllib.parse import urlencode
import botocore.session
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

UTC = datetime.timezone.utc
members = {'known': 0, 'unknown': 0}

def typed(value):
    if '$time' in value:
        return datetime.datetime.fromtimestamp(value['$time'], UTC)
    if '$bytes' in value:
        return base64.b64decode(value['$bytes'])
    return value

def plain(value):
    if isinstance(value, datetime.datetime):
        return {'$time': value.timestamp()}
    if isinstance(value, bytes):
        return {'$bytes': base64.b64encode(value).decode('ascii')}
    raise TypeError(type(value))

asked = json.load(sys.stdin, object_hook=typed)
session = botocore.session.get_session()
models = {name: session.get_service_model(name) for name in asked['services']}

def shared(value, shape):
    if shape.type_name == 'structure':
        known = {key: held for key, held in value.items() if key in shape.members}
        members['known'] += len(known)
        members['unknown'] += len(value) - len(known)
        return {key: shared(held, shape.members[key]) for key, held in known.items()}
    if shape.type_name == 'list':
        return [shared(held, shape.member) for held in value]
    if shape.type_name == 'map':
        return {key: shared(held, shape.value) for key, held in value.items()}
    return value

def writable(value, protocol):
    # No form can hold a structure that is empty, as one is whose members are all too new.
    if protocol == 'json':
        return value
    if isinstance(value, list):
        return [writable(held, protocol) for held in value if held != {}]
    if isinstance(value, dict):
        return {key: writable(held, protocol) for key, held in value.items() if held != {}}
    return value

def write(one):
    model = models[one['service']]
    operation = model.operation_model(one['operation'])
    shape = operation.input_shape
    protocol = model.metadata['protocol']
    given = writable(shared(one['input'], shape), protocol) if shape else {}
    serializer = create_serializer(protocol, include_validation=False)
    request = serializer.serialize_to_request(given, operation)
    body = request['body']
    text = urlencode(body, doseq=True) if isinstance(body, dict) else body.decode('utf-8')
    return {'headers': request['headers'], 'body': text, 'input': given}

def read(one):
    model = models[one['service']]
    shape = model.operation_model(one['operation']).output_shape
    response = {'status_code': one['status'], 'headers': one['headers'],
                'body': one['body'].encode('utf-8')}
    parsed = create_parser(model.metadata['protocol']).parse(response, shape)
    return {'parsed': parsed, 'output': shared(one.get('output', {}), shape) if shape else {}}

def names(model):
    return list(model.operation_names)

def attempt(work, one):
    if one['operation'] not in models[one['service']].operation_names:
        return None
    try:
        return work(one)
    except Exception as error:
        raise RuntimeError(f"{one['service']} {one['operation']}: {one}") from error

result = {'written': [attempt(write, one) for one in asked['write']],
          'read': [attempt(read, one) for one in asked['read']],
          'operations': {name: names(model) for name, model in models.items()},
          'members': members}
json.dump(result, sys.stdout, default=plain)
`;

const SERVICES: readonly ServiceId[] = ['autoscaling', 'ec2', 'events', 'sqs', 'ssm', 'sts'];

/** Asks all in one go: a process takes a second to read EC2's model. */
export const judge = (asked: {
  readonly write?: readonly ToWrite[];
  readonly read?: readonly ToRead[];
}): Promise<Judgement> =>
  new Promise((resolve, reject) => {
    const options = { timeout: 50_000, maxBuffer: 256 * 1024 * 1024 };
    const child = execFile('python3', ['-c', SCRIPT], options, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout, fromJson) as Judgement);
      else reject(new Error(stderr, { cause: error }));
    });
    child.stdin?.end(JSON.stringify({ services: SERVICES, write: [], read: [], ...asked }, toJson));
  });

/** A Date comes here as the text that its toJSON made of it, so its holder is looked at. */
function toJson(this: unknown, key: string, value: unknown): unknown {
  const held = (this as Readonly<Record<string, unknown>>)[key];
  if (held instanceof Date) return { $time: held.getTime() / 1000 };
  if (held instanceof Uint8Array) return { $bytes: Buffer.from(held).toString('base64') };
  return value;
}

const fromJson = (_key: string, value: unknown): unknown => {
  const { $time, $bytes } = (value ?? {}) as { readonly $time?: number; readonly $bytes?: string };
  if ($time !== undefined) return new Date($time * 1000);
  if ($bytes !== undefined) return new Uint8Array(Buffer.from($bytes, 'base64'));
  return value;
};
