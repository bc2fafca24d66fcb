import { writeFileSync } from 'node:fs'
import { eventually } from '../../../test/rig/eventually.ts'
import type { Browser, Session } from './devtools.ts'

export type Size = { readonly width: number; readonly height: number }
type Scheme = 'light' | 'dark'

/** A tab with the status page: goes to an address, answers questions, is photographed. */
export class PageTab {
  /** What the browser complained of: console, exceptions, content security policy. */
  readonly complaints: string[] = []
  readonly #session: Session
  readonly #loads = { count: 0 }

  private constructor(session: Session) {
    this.#session = session
  }

  static async open(browser: Browser): Promise<PageTab> {
    const session = await browser.tab()
    const tab = new PageTab(session)
    session.on('Page.loadEventFired', () => {
      tab.#loads.count += 1
    })
    session.on('Runtime.exceptionThrown', (params) =>
      tab.complaints.push(JSON.stringify(params['exceptionDetails'])),
    )
    session.on('Runtime.consoleAPICalled', (params) => {
      if (params['type'] === 'error') tab.complaints.push(JSON.stringify(params['args']))
    })
    session.on('Log.entryAdded', ({ entry }) => {
      const { level, text } = entry as { readonly level: string; readonly text: string }
      if (level === 'error' || level === 'warning') tab.complaints.push(text)
    })
    for (const domain of ['Page', 'Runtime', 'Log', 'DOM', 'Accessibility'])
      await session.send(`${domain}.enable`)
    return tab
  }

  async look(size: Size, scheme: Scheme = 'light'): Promise<void> {
    await this.#session.send('Emulation.setDeviceMetricsOverride', {
      ...size,
      deviceScaleFactor: 1,
      mobile: size.width < 600,
    })
    await this.#session.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    })
  }

  async go(url: string): Promise<void> {
    const before = this.#loads.count
    await this.#session.send('Page.navigate', { url })
    await eventually(`${url} is loaded`, () => this.#loads.count > before || undefined)
  }

  /** The value of an expression in the page. */
  async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#session.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    })
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return (result as { readonly value: T }).value
  }

  async press(key: 'Tab' | 'Enter'): Promise<void> {
    const code = key === 'Tab' ? 9 : 13
    const event = { key, code: key, windowsVirtualKeyCode: code, ...(key === 'Enter' ? { text: '\r' } : {}) }
    await this.#session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event })
    await this.#session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
  }

  /** Name and role of everything that a screen reader tells of. */
  async told(): Promise<readonly { readonly role: string; readonly name: string }[]> {
    const { nodes } = await this.#session.send('Accessibility.getFullAXTree')
    type Node = {
      readonly ignored: boolean
      readonly role?: { readonly value: string }
      readonly name?: { readonly value: string }
    }
    return (nodes as readonly Node[])
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => ({ role: role?.value ?? '', name: name?.value ?? '' }))
  }

  /** What is seen without scrolling, or all of it. */
  async picture(file: string, whole = false): Promise<void> {
    const { data } = await this.#session.send('Page.captureScreenshot', {
      format: 'png',
      ...(whole ? { captureBeyondViewport: true, clip: await this.#whole() } : {}),
    })
    writeFileSync(file, Buffer.from(String(data), 'base64'))
  }

  async #whole() {
    const { cssContentSize } = await this.#session.send('Page.getLayoutMetrics')
    return { ...(cssContentSize as Size), x: 0, y: 0, scale: 1 }
  }
}
