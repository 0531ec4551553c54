import { memory } from 'lexigram-edge/nosql/memory'
import { startTestApplication, type TestApplication } from 'lexigram-edge/testing'
import { createApp } from '../src/app.ts'

/** The application over a new store. */
export const startApp = (): Promise<TestApplication> => startTestApplication(createApp({ nosql: [memory()] }))
