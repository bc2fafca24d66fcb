import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkBootFile } from '../../../agent/adapters/config/boot-file.ts'
import { ConfigFault } from '../../../agent/wire/config-fault.ts'

const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/setup.md', 'utf8')) ?? []

const faultsOf = (text: string): readonly string[] => {
  try {
    checkBootFile('loa.yaml', text)
    return []
  } catch (fault) {
    if (fault instanceof ConfigFault) return fault.faults.map(({ path, message }) => `${path}: ${message}`)
    throw fault
  }
}

describe('loa.yaml', () => {
  test('is valid as docs/setup.md shows it', () => {
    const answers = checkBootFile('loa.yaml', example)
    expect(answers).toMatchObject({
      device: { id: 'd-7k2m4q9x', province: '75', commune: '26068', languages: ['vi'] },
      board: 'auto',
      enrolment: { code: 'K7M2Q-9XWPC-4T3RJ-HV8ND', urls: ['mqtts://broker-a.example:8884'] },
      rootKeys: [{ kid: 'root-a' }],
      signatures: 'required',
    })
  })

  test('names every fault at once', () => {
    const text =
      'id: d-75\nplace: { province: "75", commune: 1 }\nbrokers: [http://b]\ncode: abc\nwifi: {}\ncert: x\n'
    expect(faultsOf(text).map((fault) => fault.split(':')[0])).toEqual([
      'place.commune',
      'brokers.0',
      'code',
      'wifi',
    ])
  })

  test.each([
    ['an id with a code of its place', 'id: d-75', 'id: contains the code'],
    ['a code without an id', 'code: K7M2Q-9XWPC-4T3RJ-HV8ND', 'id: is missing: a code'],
    ['a certificate without its key', 'cert: x.pem', 'key: is missing'],
    ['a key without a certificate or a code', 'key: x.pem', 'cert: is missing'],
  ])('has no %s', (_, line, said) => {
    const faults = faultsOf(`place: { province: "75", commune: "26068" }\nbrokers: [mqtts://b]\n${line}\n`)
    expect(faults.join()).toContain(said)
  })
})
