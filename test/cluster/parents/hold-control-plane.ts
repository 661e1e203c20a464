/** Starts a control plane, prints where it is and waits to be ended by a test. */
import { startControlPlane } from '../../../tools/control-plane/start-control-plane.ts';

const controlPlane = await startControlPlane();
const { guardian: _, ...programs } = controlPlane.pids();
process.stdout.write(`${JSON.stringify({ directory: controlPlane.description.directory, programs })}\n`);
