import { createApp } from './app.ts'
import { drivers } from './drivers.ts'

/** The application as it is deployed. `npm run check` checks that its parts fit together. */
export const app = createApp(drivers)
