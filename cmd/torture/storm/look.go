package storm

import (
	"context"
	"time"

	"folkmoot/sync/link"
)

// look says that the device is ready, announces it and looks for others.
// (Until sync/mdns is here, addresses come from Setup.Found.)
func (d *device) look(ctx context.Context) error {
	route, err := defaultRoute()
	if err != nil {
		return err
	}
	d.speaker.say(told{Ready: &readyDoc{At: time.Now().UnixMilli(), Route: route}})
	var found []link.Found
	for _, row := range d.setup.Book {
		found = append(found, link.Found{ID: link.DeviceOf(row.Key), Name: row.Name, Role: link.Role(row.Role), Addresses: []string{row.Address}})
		d.speaker.say(told{Found: &foundDoc{Name: row.Name, At: time.Now().UnixMilli()}})
	}
	d.node.Find(found)
	return nil
}
