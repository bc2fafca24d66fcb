import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'

const LONG = 90_000
const RIGHT = 'canary-right-4Qx7'
const WRONG = 'canary-wrong-9Zk2'

/** A private key of its own, and the lines that must never be seen again. */
const makeKey = (folder: string): readonly string[] => {
  // biome-ignore format: one option and its value a group
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
    '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem'), '-subj', '/CN=d-7k2m4q9x',
  ], { stdio: 'ignore' })
  return readFileSync(join(folder, 'key.pem'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('-----'))
}

/** A secret in the forms in which a careless program would let it out. */
const forms = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret)
  return [
    secret,
    bytes.toString('hex'),
    ...['base64', 'base64url'].map((form) => bytes.toString(form as 'base64').replaceAll('=', '')),
  ]
}

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())

describe('T20 what the agent knows of secrets', () => {
  test(
    'is in no log line at any level, no message, no answer of loa and no file of its state',
    async () => {
      const secrets = mkdtempSync(join(tmpdir(), 'loa-canary-'))
      onTestFinished(() => rmSync(secrets, { recursive: true }))
      const passwords = join(secrets, 'passwords')
      execFileSync('mosquitto_passwd', ['-b', '-c', passwords, 'd-7k2m4q9x', RIGHT])
      await using bench = await Bench.open({ brokerConfig: `password_file ${passwords}` })
      const { agent, observer } = bench
      const keyLines = makeKey(secrets)
      const passwordFile = join(secrets, 'password')
      writeFileSync(passwordFile, `${WRONG}\n`, { mode: 0o600 })
      const at = (name: string): string => join(secrets, name)
      agent.configure({
        config: {
          // The first does not speak TLS: the key is read, and everything about it fails.
          mqtt: {
            urls: [bench.broker.url.replace('mqtt:', 'mqtts:'), bench.broker.url],
            ...{
              username: 'd-7k2m4q9x',
              passwordFile,
              ca: at('cert.pem'),
              cert: at('cert.pem'),
              key: at('key.pem'),
            },
          },
          content: { allow: [`${bench.contentUrl}/`] },
          log: { level: 'trace' },
        },
      })
      await agent.start()
      await agent.says('does not let this device in')
      const asked: string[] = []
      const ask = async (...words: readonly string[]): Promise<void> => {
        const { stdout, stderr } = await agent.loa(...words)
        asked.push(stdout, stderr)
      }
      await ask('status')
      writeFileSync(passwordFile, `${RIGHT}\n`)
      await observer.until('reported', 'there', () => true, 45_000)
      await observer.schedule(1, [itemAt('tin', inMs(3000), { parts: [bench.serve(toneMp3(1), 1)] })])
      await observer.record('tin')
      for (const verb of ['status', 'schedule', 'media', 'log', 'version'])
        for (const json of [[], ['--json']]) await ask(verb, ...json)
      await ask('config', 'check', agent.paths.config)
      // A world-readable key is told by its name, not by what is in it.
      chmodSync(passwordFile, 0o644)
      await ask('config', 'check', agent.paths.config, '--json')
      await agent.stop()

      const places: Readonly<Record<string, string>> = {
        log: agent.output,
        messages: JSON.stringify(observer.arrived),
        loa: asked.join('\n'),
        ...Object.fromEntries(
          [agent.paths.state, agent.paths.runtime]
            .flatMap(filesUnder)
            .map((file) => [file, readFileSync(file).toString('latin1')]),
        ),
      }
      expect(
        Object.keys(places).filter((name) => name.endsWith('state.db') || name.endsWith('facts.json')),
      ).toHaveLength(2)
      expect(places['log']).toContain('"level":')
      const hidden = [...forms(RIGHT), ...forms(WRONG), ...keyLines]
      const leaks = Object.entries(places).flatMap(([place, text]) =>
        hidden.filter((secret) => text.includes(secret)).map((secret) => `${place}: ${secret}`),
      )
      expect(leaks).toEqual([])
    },
    LONG,
  )
})
