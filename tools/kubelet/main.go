// The way of a port-forward through a node, for tests: an endpoint that the API server asks as it asks a kubelet, behind it
// the server that kubelets and container runtimes stream with, and the two joined as a kubelet joins them. A pod is whatever
// listens on this machine. Asks nobody who they are: only the API server of a test knows the port.
//
// Prints the port of the endpoint and ends when its standard input does.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"

	"k8s.io/apimachinery/pkg/util/proxy"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-streaming/pkg/streaming"
	"k8s.io/cri-streaming/pkg/streaming/portforward"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	config := streaming.DefaultConfig
	config.BaseURL = &url.URL{Scheme: "http", Host: listener.Addr().String()}
	streams, err := streaming.NewServer(config, machine{})
	check(err)
	go func() { check(http.Serve(listener, streams)) }()

	mux := http.NewServeMux()
	mux.HandleFunc("/portForward/{namespace}/{pod}", func(response http.ResponseWriter, request *http.Request) {
		options, err := portforward.NewV4Options(request)
		if err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		asked := &runtime.PortForwardRequest{PodSandboxId: request.PathValue("pod"), Port: options.Ports}
		answer, err := streams.GetPortForward(asked)
		check(err)
		location, err := url.Parse(answer.Url)
		check(err)
		proxy.NewUpgradeAwareHandler(location, nil, false, true, responder{}).ServeHTTP(response, request)
	})
	kubelet := httptest.NewTLSServer(mux)
	fmt.Println(kubelet.Listener.Addr().(*net.TCPAddr).Port)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// The runtime of one pod: all of this machine.
type machine struct{}

// PortForward does what a runtime does in the network of a pod.
func (machine) PortForward(ctx context.Context, _ string, port int32, stream io.ReadWriteCloser) error {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	defer connection.Close()
	go func() {
		_, _ = io.Copy(connection, stream)
		_ = connection.(*net.TCPConn).CloseWrite()
	}()
	_, err = io.Copy(stream, connection)
	return err
}

var errNoProcess = errors.New("there are no containers here")

func (machine) Exec(context.Context, string, []string, io.Reader, io.WriteCloser, io.WriteCloser, bool, <-chan remotecommand.TerminalSize) error {
	return errNoProcess
}

func (machine) Attach(context.Context, string, io.Reader, io.WriteCloser, io.WriteCloser, bool, <-chan remotecommand.TerminalSize) error {
	return errNoProcess
}

type responder struct{}

func (responder) Error(response http.ResponseWriter, _ *http.Request, err error) {
	http.Error(response, err.Error(), http.StatusInternalServerError)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
