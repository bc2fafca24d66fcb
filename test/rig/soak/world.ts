import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createMachine } from '../../../agent/adapters/system/machine.ts'
import { type RunningAgent, startAgent } from '../../../agent/compose.ts'
import { epochMs } from '../../../agent/core/time.ts'
import type { Links } from '../../../agent/ports/links.ts'
import { ContentServer } from '../../e2e/library/content-server.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { SimulatedPlayout } from '../../fakes/simulated-playout.ts'
import { type AgentPaths, pathsIn, writeAgentFiles } from '../agent-files.ts'
import { BrokenLine } from '../broken-line.ts'
import { startMosquitto } from '../mosquitto.ts'
import { ChoresByHand } from './chores-by-hand.ts'
import { RecordKeeper } from './record-keeper.ts'

/** Midnight in Việt Nam. */
const BEGIN = epochMs(Date.UTC(2026, 11, 31, 17))
const QUOTA_MB = 8
const SECOND_MS = 1000
const QUICK_SECONDS = 100
const REAL_PATIENCE_MS = 60_000
const QUIET_LINKS: Links = {
  way: () => ({ bearer: 'ethernet', device: 'eth0', metered: false }),
  wifiDbm: () => undefined,
  modemCounters: () => ({}),
  addresses: () => Promise.resolve([]),
}

/** What a broker says of each message in a year is more than a process can keep. */
const quietBroker = (port: number): Promise<string> => {
  const file = join(mkdtempSync(join(tmpdir(), 'loa-quiet-')), 'mosquitto.conf')
  const lines = [`user ${userInfo().username}`, `listener ${port} 127.0.0.1`, 'allow_anonymous true']
  writeFileSync(
    file,
    [...lines, 'set_tcp_nodelay true', 'log_dest stderr', 'log_type information', ''].join('\n'),
  )
  return Promise.resolve(file)
}

/** The agent as it is composed, with real stores and a real broker, in a time that passes as fast as it can be lived. */
export class World implements AsyncDisposable {
  readonly clock = new ManualClock(BEGIN)
  readonly chores = new ChoresByHand()
  readonly paths: AgentPaths
  readonly content: ContentServer
  readonly contentUrl: string
  readonly line: BrokenLine
  readonly keeper: RecordKeeper
  readonly #stack: AsyncDisposableStack
  #playout: SimulatedPlayout | undefined
  #failure: unknown

  private constructor(
    parts: Pick<World, 'paths' | 'content' | 'contentUrl' | 'line' | 'keeper'>,
    stack: AsyncDisposableStack,
  ) {
    this.paths = parts.paths
    this.content = parts.content
    this.contentUrl = parts.contentUrl
    this.line = parts.line
    this.keeper = parts.keeper
    this.#stack = stack
  }

  static async open(): Promise<World> {
    await using stack = new AsyncDisposableStack()
    const paths = pathsIn(mkdtempSync(join(tmpdir(), 'loa-soak-')))
    stack.defer(() => rmSync(paths.folder, { recursive: true, force: true }))
    const broker = stack.use(await startMosquitto({ configFile: quietBroker }))
    const content = stack.use(new ContentServer())
    const contentUrl = await content.start()
    const line = stack.use(await BrokenLine.open(broker.port))
    const keeper = stack.use(await RecordKeeper.connect(broker.url))
    writeAgentFiles(paths, {
      config: {
        mqtt: { urls: [line.url] },
        content: { allow: [`${contentUrl}/`], quotaMb: QUOTA_MB },
        log: { level: 'fatal' },
      },
      // There are none: to look for them every ten seconds would only fill the young heap.
      board: { sensors: { everySeconds: 600 } },
    })
    const world = new World({ paths, content, contentUrl, line, keeper }, stack.move())
    await world.#start()
    return world
  }

  get now(): number {
    return this.clock.wall()
  }

  /** Lets `ms` pass at one stroke, with everything that happens meanwhile. */
  async pass(ms: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    await this.clock.jump(ms)
    this.#playout?.advance(this.clock.wall())
    await this.chores.runUntil(this.clock.wall())
  }

  /**
   * Second by second until something of the real world has come about, which is given real time for it: more of it for
   * each second once it is clear that a busy machine keeps it waiting.
   */
  async secondsUntil(what: string, holds: () => boolean): Promise<void> {
    const deadline = performance.now() + REAL_PATIENCE_MS
    for (let second = 0; performance.now() < deadline && !holds(); second += 1) {
      await this.pass(SECOND_MS)
      await wait(second < QUICK_SECONDS ? 2 : 100)
    }
    if (!holds())
      throw new Error(
        `not within ${REAL_PATIENCE_MS} ms: ${what}: ${JSON.stringify(this.keeper.latest.get('reported'))}`,
      )
  }

  /** A year of orders is not what is measured. */
  forgetOrders(): void {
    this.#playout?.orders.splice(0)
    this.content.asked.splice(0)
  }

  async #start(): Promise<void> {
    const agent: RunningAgent = await startAgent(this.paths.config, {
      clock: this.clock,
      quality: { read: () => ({ synchronised: true, offsetMs: 0, uptimeMs: 3_600_000, hasRtc: true }) },
      // Its way over all processes of a machine would be half of the work.
      createMachine: (statePath) => ({ ...createMachine(statePath), residentMb: () => 0 }),
      // Nothing of the network of the machine that tests is asked thirty million times.
      createLinks: () => QUIET_LINKS,
      modems: { read: () => Promise.resolve(undefined), restart: () => Promise.resolve() },
      // A machine without sensors: those of the real one live in another time.
      createSensors: () => ({
        read: () => Promise.resolve({}),
        channel: () => Promise.resolve({ fault: 'there is none' }),
        tryCard: () => Promise.resolve(undefined),
      }),
      openHousekeeping: this.chores.open,
      startPlayout: () => ({ entry: '' }),
      openPlayout: ({ onReport }) => {
        this.#playout = new SimulatedPlayout(this.clock.wall(), onReport)
        return this.#playout
      },
    })
    this.#stack.defer(() => this.#stop(agent))
    void agent.failure.then((failure) => {
      this.#failure = failure
    })
    this.#playout?.restart()
    await this.chores.runUntil(this.clock.wall())
    await this.secondsUntil('the agent is announced', () => this.keeper.latest.has('reported'))
  }

  /** Stopping takes time too. */
  async #stop(agent: RunningAgent): Promise<void> {
    let stopped = false
    const over = agent.stop().finally(() => {
      stopped = true
    })
    const deadline = performance.now() + REAL_PATIENCE_MS
    while (!stopped && performance.now() < deadline) {
      await this.clock.jump(SECOND_MS)
      await wait(2)
    }
    await over
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}
