/**
 * The embedded cloud for clients outside of this process: its virtual time follows real time, can be
 * moved on by hand, and the world behind it can be replaced as a whole.
 */
import type { Clock } from '../shared/loop/ports.ts';
import { VirtualClock } from '../simulator/clock.ts';
import { type EmbeddedCloud, createCloud } from '../simulator/cloud.ts';
import type { Manners } from '../simulator/manners.ts';
import { PROFILES, type Profile } from '../simulator/profiles.ts';
import { createRandom } from '../simulator/random.ts';
import { REGIONS } from '../simulator/services/ec2/regions.ts';
import { accountOfAccessKey } from '../simulator/services/sts/access-keys.ts';
import { type Router, createRouter } from '../simulator/wire/router.ts';
import { type ReadWorld, readWorld, writeWorld } from '../simulator/world-file/world-file.ts';
import { seedPublicImages } from '../simulator/world/base-images.ts';

export interface LiveOptions {
  readonly profile: Profile;
  readonly seed: number;
  /** Where clients reach it, for what names itself by address, such as a queue's URL. */
  readonly endpoint: () => string;
}

/** A cloud as it is now: replaced when the world is reset or loaded. */
interface Present {
  readonly cloud: EmbeddedCloud;
  readonly router: Router;
  readonly seed: number;
  readonly profile: Profile;
}

/** An instant that lies behind the cloud's own: time goes on, and never back. */
export class BackwardsError extends Error {
  constructor(toMs: number, nowMs: number) {
    super(
      `${new Date(toMs).toISOString()} is in the past of this cloud, where it is ` +
        `${new Date(nowMs).toISOString()}: time only goes on. To begin anew, reset it or load a world.`,
    );
    this.name = 'BackwardsError';
  }
}

export class LiveCloud {
  readonly #real: Clock;
  readonly #options: LiveOptions;
  #present: Present;
  /** What virtual time is ahead of real time. */
  #aheadMs = 0;
  /** One mover of time after another. */
  #moving: Promise<void> = Promise.resolve();

  /** A new cloud, at this instant, with public images and nothing else in it. */
  constructor(real: Clock, options: LiveOptions) {
    this.#real = real;
    this.#options = options;
    this.#present = this.#fresh(options.seed, options.profile);
  }

  get cloud(): EmbeddedCloud {
    return this.#present.cloud;
  }

  get router(): Router {
    return this.#present.router;
  }

  get seed(): number {
    return this.#present.seed;
  }

  /** The one that the world began with. */
  get profile(): Profile {
    return this.#present.profile;
  }

  /** Lets happen what is due by now. */
  catchUp(): Promise<void> {
    return this.#moveTo(() => this.#real.nowMs() + this.#aheadMs);
  }

  /** Waits in virtual time, which somebody may move on meanwhile; no longer than the world is there. */
  async sleep(delayMs: number): Promise<void> {
    const { clock } = this.cloud;
    const untilMs = clock.nowMs() + delayMs;
    for (let leftMs = delayMs; leftMs > 0; leftMs = untilMs - clock.nowMs()) {
      await this.#real.sleep(Math.min(POLL_MS, leftMs));
      if (clock !== this.cloud.clock) return;
      await this.catchUp();
    }
  }

  /** As long as a call takes on its way, by the manners. */
  travel(): Promise<void> {
    return this.sleep(this.cloud.latencyMs());
  }

  /** @throws BackwardsError for an instant before the cloud's own. */
  async advanceTo(toMs: number): Promise<void> {
    await this.catchUp();
    const nowMs = this.cloud.clock.nowMs();
    if (toMs < nowMs) throw new BackwardsError(toMs, nowMs);
    this.#aheadMs += toMs - nowMs;
    await this.#moveTo(() => toMs);
  }

  reset(seed: number, profile: Profile): Promise<void> {
    return this.#replace(this.#fresh(seed, profile), 0);
  }

  /** The world as text: see docs/cloud.md for its form. */
  save(): string {
    return writeWorld(this.cloud.save(), this.seed);
  }

  /** @throws UnusableWorldError for text that is no world of this version; the present one stays. */
  async load(text: string, name: string): Promise<void> {
    const world = readWorld(text, name);
    await this.#replace(this.#loaded(world), world.saved.nowMs - this.#real.nowMs());
  }

  /** The world that was there lives on for as long as a client may be waiting for an answer in it. */
  #replace(next: Present, aheadMs: number): Promise<void> {
    const { clock } = this.cloud;
    this.#present = next;
    this.#aheadMs = aheadMs;
    return this.#move(() => clock.runUntil(clock.nowMs() + LONGEST_WAIT_MS));
  }

  #moveTo(instant: () => number): Promise<void> {
    return this.#move(() => this.cloud.clock.runUntil(instant()));
  }

  /** A defect on the way is told to whoever moved time then, and not to all who come after. */
  #move(move: () => Promise<void>): Promise<void> {
    const moved = this.#moving.then(move);
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  #fresh(seed: number, profile: Profile): Present {
    // What has been there for long cannot lag behind: manners come after it.
    const present = this.#make(seed, this.#real.nowMs(), profile, PROFILES.calm);
    seedPublicImages(present.cloud, [...REGIONS.keys()]);
    present.cloud.behave(PROFILES[profile]);
    return present;
  }

  #loaded({ saved, seed }: ReadWorld): Present {
    const present = this.#make(seed, saved.nowMs, this.profile, saved.manners);
    present.cloud.load(saved);
    return present;
  }

  #make(seed: number, startMs: number, profile: Profile, manners: Manners): Present {
    const cloud = createCloud({
      clock: new VirtualClock(startMs),
      random: createRandom(seed),
      manners,
      queueHost: this.#options.endpoint,
    });
    const router = createRouter({
      services: cloud.services,
      accountOf: accountOfAccessKey,
      nowMs: () => cloud.clock.nowMs(),
      isRegion: (region) => REGIONS.has(region),
      requestId: cloud.requestId,
      onCall: cloud.calls.record,
    });
    return { cloud, router, seed, profile };
  }
}

/** How often a client that waits for something is looked after, in milliseconds of real time. */
const POLL_MS = 200;

/** The longest that an operation waits for something: SQS's long poll takes 20 seconds. */
const LONGEST_WAIT_MS = 30_000;
