import type { CognitoUserPoolTriggerEvent } from 'aws-lambda'
import type { EventSource } from '../event-source.ts'
import { handleOne } from '../handle-one.ts'
import type { RecordHandler } from '../handlers.ts'

/** User pool triggers. The answer is what the handler returns, or the event, which the handler may have changed. */
export const cognito: EventSource<CognitoUserPoolTriggerEvent, RecordHandler<CognitoUserPoolTriggerEvent>> = {
  name: 'cognito',
  options: 'none',
  matches: (event) => typeof event['triggerSource'] === 'string' && typeof event['userPoolId'] === 'string',
  handle: async (event, handler, lambda) => (await handleOne({ trigger: 'cognito', event }, handler, lambda)) ?? event,
}
