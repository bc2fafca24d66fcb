import { mkdirSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { eventually } from '../../test/rig/eventually.ts'
import { PageBench } from '../../test/rig/page-bench.ts'
import { Browser } from './browser/devtools.ts'
import { judge, overflow } from './browser/judge.ts'
import { PageTab } from './browser/page-tab.ts'
import { MADE_UP, openBroken, openDevice } from './browser/states.ts'

const SIZES = { phone: { width: 360, height: 800 }, desktop: { width: 1280, height: 900 } } as const
const NARROW = { width: 320, height: 640 }
const LANGUAGES = ['vi', 'en'] as const
const TOKEN = '0123456789abcdef0123456789abcdef'

const { values } = parseArgs({ options: { pictures: { type: 'string' } } })
const folder = values.pictures ?? mkdtempSync(join(tmpdir(), 'loa-status-page-'))
mkdirSync(folder, { recursive: true })
let broken = 0

const say = (what: string, faults: readonly string[]): void => {
  console.log(`${faults.length === 0 ? 'ok    ' : 'BROKEN'} ${what}`)
  for (const fault of faults) console.log(`         ${fault}`)
  broken += faults.length
}

await using browser = new Browser()
const tab = await PageTab.open(browser)

/** One state, seen and judged in each language, size and light. */
const visit = async (name: string, url: string): Promise<void> => {
  // What was open before asks a server that is gone.
  await tab.go('about:blank')
  tab.complaints.splice(0)
  for (const language of LANGUAGES)
    for (const [size, pixels] of Object.entries(SIZES)) {
      await tab.look(pixels)
      await tab.go(`${url}/?lang=${language}`)
      await tab.picture(join(folder, `${name}-${language}-${size}.png`))
      await tab.value("document.querySelectorAll('details').forEach((each) => { each.open = true })")
      say(`${name}, ${language}, ${size}`, await judge(tab, language))
    }
  await tab.look(SIZES.phone, 'dark')
  await tab.go(`${url}/?lang=vi`)
  say(`${name}, at night`, await judge(tab, 'vi'))
  await tab.picture(join(folder, `${name}-vi-night.png`), true)
  await tab.look(NARROW)
  say(`${name}, 320 px`, await overflow(tab))
}

/** What somebody opened and where he is stays as it is while the page is renewed; then the device goes. */
const stayAlive = async (url: string, stop: () => Promise<unknown>): Promise<void> => {
  await tab.look(SIZES.phone)
  await tab.go(`${url}/?lang=vi`)
  const time = (): Promise<string> => tab.value("document.getElementById('at').textContent")
  const before = await time()
  await tab.value(
    "(() => { const s = document.getElementById('checks-s'); s.click(); s.focus(); scrollTo(0, 300) })()",
  )
  await eventually('the time goes on', async () => (await time()) !== before || undefined)
  const kept = await tab.value<readonly unknown[]>(
    "[document.getElementById('checks').open, document.activeElement.id, scrollY, document.getElementById('lost').hidden]",
  )
  say(
    'the page is renewed where it stands',
    JSON.stringify(kept) === '[true,"checks-s",300,true]' ? [] : [JSON.stringify(kept)],
  )
  await stop()
  await eventually(
    'the page says that the device is gone',
    () => tab.value("!document.getElementById('lost').hidden || undefined"),
    20_000,
  )
  await tab.value('scrollTo(0, 0)')
  await tab.picture(join(folder, 'lost-vi-phone.png'))
  // Its own words about a device that is gone are no fault of the page.
  tab.complaints.splice(0)
  say('the page says that the device is gone', [])
}

/** From a link on another site, by the form, and never with the token in the address. */
const enter = async (bench: PageBench): Promise<void> => {
  const { port } = await bench.serve({ token: TOKEN, load: MADE_UP.well })
  const url = `http://127.0.0.1:${port}`
  await tab.look(SIZES.phone)
  await tab.go(`${url}/?lang=vi`)
  tab.complaints.splice(0)
  await tab.picture(join(folder, 'token-vi-phone.png'))
  say('the form for the token', await judge(tab, 'vi'))
  const isIn = async (): Promise<true | undefined> =>
    (await tab.value<string>('location.pathname + location.search')) === '/?lang=vi' &&
    (await tab.value<boolean>("document.getElementById('headline') !== null"))
      ? true
      : undefined
  await tab.value(
    `document.getElementById('token').focus(), document.getElementById('token').value = '${TOKEN}'`,
  )
  await tab.press('Enter')
  await eventually('the form leads to the page', isIn)
  say('the token is taken from the form', [])
  const { port: other } = await bench.serve({ token: `${TOKEN}1`, load: MADE_UP.well })
  const site = createServer((_, answer) => {
    answer
      .setHeader('Content-Type', 'text/html')
      .end(`<a href="http://127.0.0.1:${other}/?token=${TOKEN}1&lang=vi">x</a>`)
  })
  await new Promise<void>((resolve) => site.listen(0, 'localhost', resolve))
  const address = site.address()
  await tab.go(`http://localhost:${typeof address === 'object' ? address?.port : ''}/`)
  await tab.value("document.querySelector('a').click()")
  await eventually('the link leads to the page', isIn)
  site.close()
  tab.complaints.splice(0)
  say('the token is taken from a link on another site', [])
}

await using bench = new PageBench()
for (const [name, load] of Object.entries(MADE_UP))
  await visit(name, `http://127.0.0.1:${(await bench.serve({ load })).port}`)
await enter(bench)
{
  await using faulty = await openBroken()
  await visit('fault', faulty.url)
}
await using device = await openDevice()
await device.played()
await device.idle()
await visit('idle', device.url)
await device.playing()
await visit('playing', device.url)
await device.alert()
await visit('alert', device.url)
await stayAlive(device.url, device.stop)
console.log(`pictures in ${folder}`)
console.log(broken === 0 ? 'nothing is wrong' : `${broken} faults`)
process.exitCode = broken === 0 ? 0 : 1
