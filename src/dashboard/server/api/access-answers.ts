import type { AccessAnswers, AccessQuestion } from '../../../api/dashboard-api.ts';
import { group } from '../../../api/names.ts';
import type { KubeClient } from '../../../kube/kube-client.ts';
import { selfSubjectAccessReviewsPath } from '../../../kube/resource-paths.ts';
import { type Answer, answerWith, refuse } from '../answer.ts';
import { runFew } from '../run-few.ts';
import { type ApiCall, isName } from './api-route.ts';

const maxQuestions = 100;
const verbs: ReadonlySet<unknown> = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'bind']);
const resources: ReadonlySet<unknown> = new Set(['connections', 'connectionroles', 'connectiongroups']);

/** POST: what the viewer may do. */
export async function answerAccess({ session, body }: ApiCall): Promise<Answer> {
  const { questions } = body;
  if (!Array.isArray(questions) || questions.length > maxQuestions || !questions.every(isQuestion)) {
    return refuse(400, 'BadRequest', `questions is a list of at most ${maxQuestions} of verb, resource and names.`);
  }
  const answers: AccessAnswers = { allowed: await runFew(questions, (question) => mayDo(session.client, question)) };
  return answerWith(answers);
}

/** Asks the cluster whether whoever the client calls as may do this. Fails with a `KubeError`. */
export async function mayDo(client: KubeClient, { verb, resource, namespace, name }: AccessQuestion): Promise<boolean> {
  const { status } = await client.create<{ status?: { allowed?: boolean } }>(selfSubjectAccessReviewsPath(), {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { group, verb, resource, namespace, name } },
  });
  return status?.allowed === true;
}

function isQuestion(value: unknown): value is AccessQuestion {
  const { verb, resource, namespace, name } = Object(value) as Record<string, unknown>;
  const isOptionalName = (text: unknown): boolean => text === undefined || isName(text);
  return verbs.has(verb) && resources.has(resource) && isOptionalName(namespace) && isOptionalName(name);
}
