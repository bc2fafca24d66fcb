import type { LineSurvey } from '../../agent/core/board/lines.ts'
import { openGpioKernel } from './gpiochip/kernel.ts'
import { surveyLines } from './gpiochip/survey.ts'

/** What the kernel of this machine says of its GPIO lines. @throws UNSUPPORTED when koffi has no binary for it */
export const surveyMachine = (): LineSurvey => surveyLines(openGpioKernel())
