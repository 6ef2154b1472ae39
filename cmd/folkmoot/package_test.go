package main

import (
	"encoding/xml"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// metadata gives a value of a FyneApp.toml.
func metadata(t *testing.T, path, name string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^` + name + ` = "?([^"\n]*)"?$`).FindSubmatch(data)
	if found == nil {
		t.Fatalf("%s has no %s", path, name)
	}
	return string(found[1])
}

type manifest struct {
	Package     string `xml:"package,attr"`
	Code        string `xml:"versionCode,attr"`
	Version     string `xml:"versionName,attr"`
	Permissions []struct {
		Name string `xml:"name,attr"`
	} `xml:"uses-permission"`
	Application struct {
		Debuggable string `xml:"debuggable,attr"`
		Activity   struct {
			Name string `xml:"name,attr"`
			Meta struct {
				Name  string `xml:"name,attr"`
				Value string `xml:"value,attr"`
			} `xml:"meta-data"`
		} `xml:"activity"`
	} `xml:"application"`
}

// TestPackages holds what the packager does not fill in: versions, names, permissions.
func TestPackages(t *testing.T) {
	const top, own = "../../FyneApp.toml", "FyneApp.toml"
	for _, name := range []string{"Version", "Build", "Name"} {
		if a, b := metadata(t, top, name), metadata(t, own, name); a != b {
			t.Errorf("%s is %q at the top and %q for tablets", name, a, b)
		}
	}
	if _, err := os.Stat(metadata(t, own, "Icon")); err != nil {
		t.Errorf("the icon: %v", err)
	}
	data, err := os.ReadFile("AndroidManifest.xml")
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := xml.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	for what, pair := range map[string][2]string{
		"package": {m.Package, metadata(t, own, "ID")}, "version": {m.Version, metadata(t, own, "Version")}, "build": {m.Code, metadata(t, own, "Build")},
		"activity": {m.Application.Activity.Name, "org.golang.app.GoNativeActivity"}, "library": {m.Application.Activity.Meta.Value, "Folkmoot"},
		"library's key": {m.Application.Activity.Meta.Name, "android.app.lib_name"}, "debuggable": {m.Application.Debuggable, "false"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("the manifest's %s is %q, want %q", what, pair[0], pair[1])
		}
	}
	var got []string
	for _, p := range m.Permissions {
		got = append(got, strings.TrimPrefix(p.Name, "android.permission."))
	}
	want := []string{"INTERNET", "ACCESS_NETWORK_STATE", "ACCESS_WIFI_STATE", "CHANGE_WIFI_MULTICAST_STATE", "NEARBY_WIFI_DEVICES", "ACCESS_LOCAL_NETWORK"}
	if !slices.Equal(got, want) {
		t.Errorf("permissions %v, want %v", got, want)
	}
	plist, err := os.ReadFile("ios.plist")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"<key>NSLocalNetworkUsageDescription</key>", "<key>NSBonjourServices</key>", "<string>_folkmoot._tcp</string>"} {
		if !strings.Contains(string(plist), word) {
			t.Errorf("ios.plist has no %s", word)
		}
	}
	if err := xml.Unmarshal(plist, new(struct{})); err != nil {
		t.Errorf("ios.plist: %v", err)
	}
}
