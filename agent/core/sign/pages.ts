import type { ImageRef, Page } from '../documents.ts'
import type { PagePanel } from './look.ts'
import { type LaidPage, layTextPage, type PageFault, pageMs } from './page.ts'
import type { Picture } from './picture.ts'
import { layPicturePage } from './picture-page.ts'

/** The picture as large as the panel; `waiting`: it is not ready yet, `bad`: it never will be. */
export type PictureOf = (image: ImageRef) => Picture | 'waiting' | 'bad'

export type LaidPages = {
  readonly pages: readonly LaidPage[]
  readonly faults: readonly PageFault[]
  /** Pictures are left out that are not ready yet. */
  readonly waiting: boolean
}

const layPage = (page: Page, panel: PagePanel, pictureOf: PictureOf): LaidPage | 'waiting' | 'bad' => {
  if ('text' in page) return layTextPage(page, panel)
  const picture = panel.takes === 'text' ? 'bad' : pictureOf(page.image)
  return typeof picture === 'string'
    ? picture
    : layPicturePage(page.image.sha256, pageMs(page), picture, panel)
}

/** The pages of a content that a panel can show now, and what could not be shown as asked. */
export const layPages = (
  pages: readonly Page[],
  panel: PagePanel,
  pictureOf: PictureOf = () => 'bad',
): LaidPages => {
  const laid = pages.map((page) => layPage(page, panel, pictureOf))
  const shown = laid.filter((page) => typeof page !== 'string')
  const faults: readonly PageFault[] = laid.includes('bad') ? [{ kind: 'picture' }] : []
  return {
    pages: shown,
    faults: [...shown.flatMap((page) => page.faults), ...faults],
    waiting: laid.includes('waiting'),
  }
}
