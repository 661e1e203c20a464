// What Argo CD and Flux make of an object, asked of their own code. Reads one JSON request from standard input and writes
// one answer for each object to standard output: what they say of it, or with the argument "apply" what Flux did.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	argo "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type request struct {
	// The values of argocd-cm: resource.customizations.health.<group>_<kind> and …actions.<group>_<kind>.
	Health  string
	Actions string
	// spec.healthCheckExprs[0] of a Flux Kustomization.
	HealthCheckExprs kustomize.HealthCheckExpressions
	// Name of an action to run on each object; absent: none.
	Action  string
	Objects []map[string]any
}

type answer struct {
	Argo        string
	ArgoMessage string
	// Action name → whether it can be run now.
	Actions map[string]bool
	// What the action made of the object; absent without an action.
	Result map[string]any `json:",omitempty"`
	// With healthCheckExprs.
	Flux string
	// Without: what kstatus makes of the conditions.
	Kstatus string
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "apply" {
		apply()
		return
	}
	var asked request
	check(json.NewDecoder(os.Stdin).Decode(&asked))
	evaluator, err := cel.NewStatusEvaluator(&asked.HealthCheckExprs)
	check(err)
	answers := []answer{}
	for _, content := range asked.Objects {
		answers = append(answers, judge(asked, evaluator, content))
	}
	check(json.NewEncoder(os.Stdout).Encode(answers))
}

func judge(asked request, evaluator *cel.StatusEvaluator, content map[string]any) answer {
	object := &unstructured.Unstructured{}
	// numbers as a Kubernetes client reads them
	raw, err := json.Marshal(content)
	check(err)
	check(object.UnmarshalJSON(raw))
	key := lua.GetConfigMapKey(object.GroupVersionKind())
	overrides := lua.ResourceHealthOverrides{key: argo.ResourceOverride{HealthLua: asked.Health, Actions: asked.Actions}}
	vm := lua.VM{ResourceOverrides: overrides}

	health, err := overrides.GetResourceHealth(object)
	check(err)
	scripts, err := vm.GetResourceActionDiscovery(object)
	check(err)
	actions, err := vm.ExecuteResourceActionDiscovery(object, scripts)
	check(err)
	said := answer{Argo: string(health.Status), ArgoMessage: health.Message, Actions: map[string]bool{}}
	for _, action := range actions {
		said.Actions[action.Name] = !action.Disabled
	}
	if asked.Action != "" {
		definition, err := vm.GetResourceAction(object, asked.Action)
		check(err)
		impacted, err := vm.ExecuteResourceAction(object, definition.ActionLua, nil)
		check(err)
		said.Result = impacted[0].UnstructuredObj.Object
	}
	flux, err := evaluator.Evaluate(context.Background(), object)
	check(err)
	plain, err := status.Compute(object)
	check(err)
	said.Flux, said.Kstatus = string(flux.Status), string(plain.Status)
	return said
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
