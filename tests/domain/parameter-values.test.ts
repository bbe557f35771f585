import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../shared/domain/inventory.ts';
import { completePart, incompletePart } from '../../shared/domain/model.ts';
import { parameterReader } from '../../shared/domain/parameter-values.ts';
import { HOME } from '../support/builders.ts';
import { parameter } from '../support/inventory.ts';

const AMI = 'ami-0123456789abcdef0';
const ARN = `arn:aws:ssm:${HOME.region}:${HOME.account}:parameter/golden/web`;

/** What `text` stands for, where one parameter was seen. */
const resolve = (text: string, parts: Partial<Parameter> = {}): string => {
  const parameters = completePart([parameter({ value: AMI, version: 7, ...parts })]);
  const value = parameterReader({ parameters, target: HOME })(text);
  return 'problem' in value ? value.problem : value.imageIds.join(' ');
};

describe('what launch templates say in place of an image', () => {
  it.each([
    ['a name', 'resolve:ssm:/golden/web'],
    ['a name and the current version', 'resolve:ssm:/golden/web:7'],
    ['an ARN', `resolve:ssm:${ARN}`],
    ['an ARN and the current version', `resolve:ssm:${ARN}:7`],
  ])('is the value of the parameter, by %s', (_what, text) => {
    expect(resolve(text)).toBe(AMI);
  });

  it('is the value of a parameter that has no slash, by its name and its ARN', () => {
    const arn = ARN.replace('golden/web', 'golden');

    expect(resolve('resolve:ssm:golden', { name: 'golden' })).toBe(AMI);
    expect(resolve(`resolve:ssm:${arn}`, { name: 'golden' })).toBe(AMI);
    expect(resolve(`resolve:ssm:${arn}`, { name: '/golden' })).toBe(AMI);
  });

  it.each([
    ['another version', 'resolve:ssm:/golden/web:6', 'only the current value was read'],
    ['a label', 'resolve:ssm:/golden/web:prod', 'only the current value was read'],
    ['a label, by ARN', `resolve:ssm:${ARN}:prod`, 'only the current value was read'],
  ])('is not known by %s', (_what, text, problem) => {
    expect(resolve(text)).toBe(`of ${text} ${problem}`);
  });

  it.each([
    ['a version', '6', 'resolve:ssm:/golden/web:6'],
    ['a label', 'prod', 'resolve:ssm:/golden/web:prod'],
    ['a label, by ARN', 'prod', `resolve:ssm:${ARN}:prod`],
  ])('is what was read by %s, beside what the parameter is now', (_what, selector, text) => {
    const old = parameter({ value: 'ami-00000006', version: 6, selector });
    const parameters = completePart([old, parameter({ value: AMI, version: 7 })]);
    const read = parameterReader({ parameters, target: HOME });

    expect(read(text)).toEqual({ imageIds: ['ami-00000006'] });
    expect(read('resolve:ssm:/golden/web')).toEqual({ imageIds: [AMI] });
  });

  it('is not known where only another version or label was read', () => {
    const old = parameter({ value: AMI, version: 6, selector: 'prod' });
    const read = parameterReader({ parameters: completePart([old]), target: HOME });

    expect(read('resolve:ssm:/golden/web')).toEqual({
      problem: 'the parameter of resolve:ssm:/golden/web was not seen',
    });
  });

  it.each([
    ['another parameter', 'resolve:ssm:/golden/db'],
    ['one without its slash', 'resolve:ssm:golden/web'],
    ['one of another account', `resolve:ssm:${ARN.replace(HOME.account, '210987654321')}`],
    ['one of another Region', `resolve:ssm:${ARN.replace(HOME.region, 'us-east-1')}`],
  ])('is not known of %s', (_what, text) => {
    expect(resolve(text)).toBe(`the parameter of ${text} was not seen`);
  });

  it('is not known where the version of the value is not, nor where the value is not', () => {
    const parameters = completePart([parameter({ value: AMI })]);
    const read = parameterReader({ parameters, target: HOME });

    expect(read('resolve:ssm:/golden/web:7')).toEqual({
      problem: 'of resolve:ssm:/golden/web:7 only the current value was read',
    });
    expect(
      parameterReader({
        parameters: completePart([parameter({ type: 'SecureString' })]),
        target: HOME,
      })('resolve:ssm:/golden/web'),
    ).toEqual({ problem: 'the value of resolve:ssm:/golden/web was not read' });
  });

  it('is known of a parameter that was seen in half a list', () => {
    const parameters = incompletePart('denied', [parameter({ value: AMI })]);

    expect(parameterReader({ parameters, target: HOME })('resolve:ssm:/golden/web')).toEqual({
      imageIds: [AMI],
    });
  });

  it.each([
    'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    'resolve:ssm:arn:aws:ssm:eu-central-1::parameter/aws/service/debian/release/12/latest/amd64',
  ])('is no image of ours where AWS publishes the parameter: %s', (text) => {
    expect(resolve(text)).toBe('');
  });

  it.each(['golden', 'resolve:ssm:', 'resolve:ssm::7', 'resolve:ssm:arn:aws:s3:::bucket', ''])(
    'names no image where it is %j',
    (text) => {
      expect(resolve(text)).toBe(`${text} names no image`);
    },
  );
});
