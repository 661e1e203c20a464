import type { SilentGateway } from '../../../api/dashboard-api.ts';
import { type ErrorReport, type FlowReport, flowPaths, type WarningReport } from '../../../api/flow-report.ts';
import { type Answer, answerWith, refuse } from '../answer.ts';
import type { ApiCall, ApiHandler, ApiRoute } from '../api/api-route.ts';
import { isName } from '../api/api-route.ts';
import { isRefusal, readNamespaces } from '../api/read-parameters.ts';
import { runFew } from '../run-few.ts';
import { askGateway, type GatewayAnswer } from './ask-gateway.ts';
import { mergeErrors, mergeFlows, mergeWarnings } from './merge-reports.ts';

/** The routes that pass a question on to every gateway, with the viewer's own token, and merge what they say. */
export function buildReportRoutes(gateways: readonly URL[]): ApiRoute[] {
  const route = <Report extends object>(
    pattern: string,
    path: string,
    merge: (reports: readonly Report[]) => Report,
  ): ApiRoute => ({ method: 'GET', pattern, handle: buildHandler(gateways, path, merge) });
  return [
    route<FlowReport>('flows', flowPaths.flows, mergeFlows),
    route<ErrorReport>('errors', flowPaths.errors, mergeErrors),
    route<WarningReport>('warnings', flowPaths.warnings, mergeWarnings),
  ];
}

function buildHandler<Report extends object>(
  gateways: readonly URL[],
  path: string,
  merge: (reports: readonly Report[]) => Report,
): ApiHandler {
  return async ({ session, query }) => {
    const namespaces = readNamespaces(query);
    if (isRefusal(namespaces)) return namespaces;
    const parameters = readParameters(query);
    if (parameters === undefined) return refuse(400, 'BadRequest', 'The parameters are namespace, name and hours.');
    const refusal = findObstacle(gateways, session);
    if (refusal !== undefined) return refusal;
    const token = session.token ?? '';
    const scopes = namespaces.length === 0 ? [undefined] : namespaces;
    const asked = gateways.flatMap((gateway) => scopes.map((namespace) => ({ gateway, namespace })));
    const answers = await runFew(asked, async ({ gateway, namespace }) => ({
      gateway: gateway.host,
      answer: await askGateway({ gateway, path, query: withNamespace(parameters, namespace), token }),
    }));
    return mergeAnswers(answers, merge);
  };
}

function findObstacle(gateways: readonly URL[], { token }: ApiCall['session']): Answer | undefined {
  if (gateways.length === 0) {
    const sentence = 'This dashboard knows no gateway, so it shows no data flows: start it with --gateway.';
    return refuse(501, 'NoGateway', sentence);
  }
  if (token !== undefined) return undefined;
  const sentence = 'Gateways ask for a token, and your kubeconfig has a client certificate: data flows are not shown.';
  return refuse(501, 'NoToken', sentence);
}

interface NamedAnswer {
  readonly gateway: string;
  readonly answer: GatewayAnswer;
}

function mergeAnswers<Report extends object>(
  answers: readonly NamedAnswer[],
  merge: (reports: readonly Report[]) => Report,
): Answer {
  const reports = answers.flatMap(({ answer }) => (answer.kind === 'report' ? [answer.report as Report] : []));
  const silent = new Map<string, SilentGateway>();
  for (const { gateway, answer } of answers) {
    if (answer.kind === 'silent') silent.set(gateway, { gateway, message: answer.message });
  }
  if (reports.length > 0) return answerWith({ ...merge(reports), silent: [...silent.values()] });
  const forbidden = answers.find(({ answer }) => answer.kind === 'forbidden')?.answer;
  if (forbidden?.kind === 'forbidden') return refuse(403, 'Forbidden', forbidden.message);
  const [first] = silent.values();
  return refuse(502, 'Unavailable', `No gateway answers. ${first?.gateway}: ${first?.message}`);
}

/** What goes to the gateway beside the namespace; `undefined` for anything that it does not know. */
function readParameters(query: URLSearchParams): URLSearchParams | undefined {
  const given = [...query].filter(([name]) => name !== 'namespace');
  const isKnown = ([name, value]: readonly [string, string]): boolean =>
    (name === 'name' && isName(value)) || (name === 'hours' && /^\d{1,4}$/.test(value));
  const isOnce = new Set(given.map(([name]) => name)).size === given.length;
  return isOnce && given.every(isKnown) ? new URLSearchParams(given) : undefined;
}

function withNamespace(parameters: URLSearchParams, namespace: string | undefined): URLSearchParams {
  const query = new URLSearchParams(parameters);
  if (namespace !== undefined) query.set('namespace', namespace);
  return query;
}
