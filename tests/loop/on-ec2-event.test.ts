import { describe, expect, it } from 'vitest';
import type { Tags } from '../../shared/domain/model.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { type Ec2Event, onEc2Event } from '../../shared/loop/on-ec2-event.ts';
import { createStage, ELSEWHERE, HOME, type Stage } from '../functions/fixture.ts';
import { anEventTrigger, aPolicy, aPolicySet } from '../support/builders.ts';

const DAILY = { Name: 'web-1', Backup: 'daily' };
const ON_TAGS = aPolicy({ when: [anEventTrigger({ event: 'tag-changed' })] });
const WOKEN = { woken: [HOME], because: 'a source may need a point' };

/** `web-1` runs and has the tag `Backup: daily`. */
const tagEvent = (stage: Stage, changedKeys: readonly string[], tags: Tags = DAILY): Ec2Event => ({
  kind: 'tags',
  place: HOME,
  instanceId: stage.id('web-1'),
  changedKeys,
  tags,
});

const answer = async (
  policies: readonly Policy[],
  eventOf: (stage: Stage) => Ec2Event,
  prepare: (stage: Stage) => void = () => undefined,
) => {
  const stage = createStage();
  prepare(stage);
  const summary = await stage.invoke(
    (runtime) => () =>
      onEc2Event({ ...runtime.loop, policySet: aPolicySet({ policies }) }, eventOf(stage)),
    undefined,
  );
  const reads = stage.cloud.calls.counts().filter(({ action }) => action.startsWith('Describe'));
  return {
    summary,
    reads: reads.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0),
    sent: stage.queue('backup').messages.length,
  };
};

const unconcerned = {
  summary: { woken: [], because: 'the change concerns no policy' },
  reads: 0,
  sent: 0,
};

const onTags = (policy: Policy, changedKeys: readonly string[], tags?: Tags) =>
  answer([policy], (stage) => tagEvent(stage, changedKeys, tags));

describe('changed tags of a source whose policy waits for them', () => {
  it('wake the home, after one read', async () => {
    expect(await onTags(ON_TAGS, ['Owner'])).toEqual({ summary: WOKEN, reads: 1, sent: 1 });
  });

  it('wake it for a source tag among marks of ours', async () => {
    expect((await onTags(ON_TAGS, ['imago:keep', 'Owner'])).summary).toEqual(WOKEN);
  });

  it.each([['imago:schedule'], ['imago:keep'], ['aws:cloudformation:stack-id']])(
    'end without a read where only %s changed',
    async (key) => {
      expect(await onTags(ON_TAGS, [key])).toEqual(unconcerned);
    },
  );

  it('end without a read where no policy selects these tags', async () => {
    expect(await onTags(ON_TAGS, ['Owner', 'Backup'], { Backup: 'weekly' })).toEqual(unconcerned);
  });

  it('wake nobody where the instance is no longer what the event tells', async () => {
    const policy = aPolicy({
      when: ON_TAGS.when,
      select: { ...aPolicy().select, tags: { Backup: ['weekly'] } },
    });

    expect(await onTags(policy, ['Owner'], { Backup: 'weekly' })).toEqual({
      summary: { woken: [], because: 'no policy selects it' },
      reads: 1,
      sent: 0,
    });
  });

  it('wake nobody where its state is not selected', async () => {
    const select = { ...aPolicy().select, states: ['stopped'] as const };

    expect((await onTags(aPolicy({ when: ON_TAGS.when, select }), ['Owner'])).summary).toEqual({
      woken: [],
      because: 'no policy selects it',
    });
  });

  it('wake nobody where the instance is gone', async () => {
    const { summary } = await answer([ON_TAGS], (stage) => ({
      ...tagEvent(stage, ['Owner']),
      instanceId: 'i-00000000000000000',
    }));

    expect(summary).toEqual({ woken: [], because: 'no policy selects it' });
  });

  it('wake nobody away from the homes, without a read', async () => {
    expect(
      await answer([ON_TAGS], (stage) => ({ ...tagEvent(stage, ['Owner']), place: ELSEWHERE })),
    ).toEqual({ summary: { woken: [], because: 'not at a home' }, reads: 0, sent: 0 });
  });

  it('fail where the instance cannot be read, so that the event comes again', async () => {
    const failing = answer(
      [ON_TAGS],
      (stage) => tagEvent(stage, ['Owner']),
      (stage) => {
        stage.cloud.inject({ action: 'DescribeInstances', code: 'AuthFailure', status: 401 });
      },
    );

    await expect(failing).rejects.toThrow('could not be read: AuthFailure');
  });

  it('of one event and its double are one command', async () => {
    const stage = createStage();
    const policySet = aPolicySet({ policies: [ON_TAGS] });
    const twice = () =>
      stage.invoke(
        (runtime) => () => onEc2Event({ ...runtime.loop, policySet }, tagEvent(stage, ['Owner'])),
        undefined,
      );

    expect(await twice()).toEqual(await twice());
    expect(stage.queue('backup').messages).toHaveLength(1);
  });
});

describe('changed tags of a source whose policy has only a schedule', () => {
  it('wake the home where the policy selects by one of them: it may be a new source', async () => {
    expect(await onTags(aPolicy(), ['Backup'])).toEqual({ summary: WOKEN, reads: 1, sent: 1 });
  });

  it('wake the home where a tag that excluded it is gone', async () => {
    const not = { ids: [], tags: { 'no-backup': ['*'] } };

    expect(
      (await onTags(aPolicy({ select: { ...aPolicy().select, not } }), ['no-backup'])).summary,
    ).toEqual(WOKEN);
  });

  it('end without a read otherwise', async () => {
    expect(await onTags(aPolicy(), ['Owner'])).toEqual(unconcerned);
  });

  it('end without a read where only another policy, that waits for them, does not select it', async () => {
    const select = { ...aPolicy().select, tags: { Backup: ['weekly'] } };
    const policies = [aPolicy(), aPolicy({ id: 'other', when: ON_TAGS.when, select })];

    expect(await answer(policies, (stage) => tagEvent(stage, ['Owner']))).toEqual(unconcerned);
  });
});

describe('an instance that has stopped or started', () => {
  const stateEvent = (stage: Stage, name: string, state: string): Ec2Event => ({
    kind: 'instance',
    place: HOME,
    instanceId: stage.id(name),
    state,
  });

  it.each(['running', 'stopped'])('wakes the home when %s, after one read', async (state) => {
    expect(await answer([aPolicy()], (stage) => stateEvent(stage, 'web-1', state))).toEqual({
      summary: WOKEN,
      reads: 1,
      sent: 1,
    });
  });

  it('wakes nobody where no policy selects it', async () => {
    expect(await answer([aPolicy()], (stage) => stateEvent(stage, 'legacy', 'stopped'))).toEqual({
      summary: { woken: [], because: 'no policy selects it' },
      reads: 1,
      sent: 0,
    });
  });

  it.each(['pending', 'stopping', 'terminated'])('wakes nobody when %s', async (state) => {
    expect(await answer([aPolicy()], (stage) => stateEvent(stage, 'web-1', state))).toEqual({
      summary: { woken: [], because: `nothing follows from ${state}` },
      reads: 0,
      sent: 0,
    });
  });
});
