import { diagnose } from '../core/doctor/diagnose.ts'
import type { PageView } from '../core/page-view.ts'
import type { PageLanguage, PageNotice, StatusPage } from '../ports/status-page.ts'
import { about, deviceParts } from './device.ts'
import { headParts, todo } from './headline.ts'
import { asItIs, type Html, html } from './html.ts'
import type { Words } from './page-words.ts'
import type { Shown } from './parts.ts'
import { now, programmeParts } from './programme.ts'
import { recordParts } from './records.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

/** They ask for what the agent does not look up: `loa doctor` does. */
const NOT_SEEN = new Set(['groups', 'machine-id', 'rtc'])

const shownIn = (words: Words, view: PageView): Shown => ({
  view,
  words,
  findings: diagnose(view.facts, words.say.doctor).filter(({ check }) => !NOT_SEEN.has(check)),
})

const document = (words: Words, title: string, head: Html, body: Html): string =>
  html`<!doctype html>
<html lang="${words.page.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"><style>${asItIs(STYLE)}</style>${head}</head>
${body}</html>
`.html

const live = (shown: Shown): Html => html`<div id="live">
<div class="wide">${headParts(shown)}${now(shown)}${todo(shown)}</div>
<div class="col">${programmeParts(shown)}</div>
<div class="col">${deviceParts(shown)}</div>
<div class="wide">${recordParts(shown)}</div>
</div>`

const whole = (shown: Shown): string => {
  const { page } = shown.words
  const { device } = shown.view.facts.agent.status
  const { language, name } = page.other
  const script = html`<script>${asItIs(SCRIPT)}</script>`
  return document(
    shown.words,
    page.title(device),
    html``,
    html`<body data-parts="/parts?lang=${page.language}">
<a class="skip" id="skip" href="#content">${page.skip}</a>
<header><h1><small>${page.device}</small> ${device}</h1><a id="other" href="/?lang=${language}" lang="${language}" hreflang="${language}">${name}</a></header>
<main id="content" tabindex="-1">
<p id="lost" class="lost" role="alert" hidden>${page.lost}</p>
<noscript><p><a href="/?lang=${page.language}">${page.reload}</a></p></noscript>
${live(shown)}
</main>
<footer>${about(shown)}</footer>
${script}</body>`,
  )
}

/** Asked for by a form, since whoever stands at the pole has it on paper. It goes into the address, and from there into a cookie. */
const tokenForm = ({ page }: Words): Html => html`<form method="get" action="/">
<label for="token">${page.token.label}</label>
<input id="token" name="token" type="password" required minlength="16" maxlength="256" autocomplete="current-password" autocapitalize="off" spellcheck="false">
<input type="hidden" name="lang" value="${page.language}">
<button>${page.token.enter}</button>
</form>`

const notice = (words: Words, kind: PageNotice): string => {
  const { page } = words
  const [heading, text] = page.notices[kind]
  const { language, name } = page.other
  const home = `/?lang=${page.language}`
  const asks = kind === 'wanted' || kind === 'wrong'
  const onward = kind === 'entered' ? html`<meta http-equiv="refresh" content="0;url=${home}">` : html``
  const link = kind === 'entered' ? html`<p><a href="${home}">${page.goOn}</a></p>` : html``
  return document(
    words,
    heading,
    onward,
    html`<body><main class="notice" id="content">
<section><h1>${heading}</h1><p>${text}</p>${asks ? tokenForm(words) : link}</section>
${asks ? html`<p><a href="/?lang=${language}" lang="${language}" hreflang="${language}">${name}</a></p>` : ''}
</main></body>`,
  )
}

/** The catalogue of a language is loaded when somebody reads it. */
const wordsOf = async (language: PageLanguage): Promise<Words> =>
  language === 'vi' ? (await import('./vi-page.ts')).viWords : (await import('./en-page.ts')).enWords

/** The page in both languages; `view` is asked at each request. */
export const createStatusPage = (view: () => PageView): StatusPage => ({
  inline: { script: SCRIPT, style: STYLE },
  page: async (language) => whole(shownIn(await wordsOf(language), view())),
  parts: async (language) => {
    const shown = shownIn(await wordsOf(language), view())
    return html`${live(shown)}${about(shown)}`.html
  },
  notice: async (kind, language) => notice(await wordsOf(language), kind),
})
