import { createApplication, type Application } from 'lexigram-edge'
import { config, providers, type Drivers } from './data.ts'
import { routes } from './routes.ts'

/** The application, for every platform. Entry points and tests choose the drivers. */
export const createApp = (drivers: Drivers): Application =>
  createApplication({ name: 'notes', config, providers: providers(drivers), fetch: routes.fetch })
