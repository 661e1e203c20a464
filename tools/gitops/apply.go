package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Under this name Flux's kustomize-controller applies.
const controller = "kustomize-controller"

type applyRequest struct {
	// Path of a kubeconfig.
	Kubeconfig string
	Objects    []map[string]any
}

// Applies objects with Flux's own code, set up as its kustomize-controller sets it up, which does so on every interval.
// Answers for each object: created, configured or unchanged.
func apply() {
	var asked applyRequest
	check(json.NewDecoder(os.Stdin).Decode(&asked))
	config, err := clientcmd.BuildConfigFromFlags("", asked.Kubeconfig)
	check(err)
	cluster, err := client.New(config, client.Options{})
	check(err)
	manager := ssa.NewResourceManager(cluster, nil, ssa.Owner{Field: controller, Group: "kustomize.toolkit.fluxcd.io"})
	actions := []string{}
	for _, content := range asked.Objects {
		object := &unstructured.Unstructured{Object: content}
		check(normalize.Unstructured(object))
		done, err := manager.Apply(context.Background(), object, options())
		check(err)
		actions = append(actions, string(done.Action))
	}
	check(json.NewEncoder(os.Stdout).Encode(actions))
}

// What kustomize-controller undoes: what managers wrote whose names begin so. Written by hand, since it exports no list.
func options() ssa.ApplyOptions {
	options := ssa.DefaultApplyOptions()
	options.Cleanup = ssa.ApplyCleanupOptions{
		Annotations: []string{"kubectl.kubernetes.io/last-applied-configuration"},
		FieldManagers: []ssa.FieldManager{
			{Name: "kubectl", OperationType: meta.ManagedFieldsOperationApply},
			{Name: "kubectl", OperationType: meta.ManagedFieldsOperationUpdate},
			{Name: "before-first-apply", OperationType: meta.ManagedFieldsOperationUpdate},
			{Name: controller, OperationType: meta.ManagedFieldsOperationUpdate},
		},
	}
	return options
}
