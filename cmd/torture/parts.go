package main

// parts is all that is tried, in the order of the report. A new one is one line here
// and a file of its own.
func parts(w *workshop) ([]Part, error) {
	fuzz, err := fuzzPart(w)
	if err != nil {
		return nil, err
	}
	return []Part{
		killPart(w),
		imagesPart(w),
		faultsPart(w),
		fullPart(w),
		bitsPart(w),
		schedulesPart(),
		loadPart(w),
		floodPart(w),
		stormPart(w),
		takeoverPart(w),
		fuzz,
	}, nil
}
