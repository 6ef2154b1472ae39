package opinion

// describeSpread fills in Residual and Variance: the model by which the people are
// placed on the axes drawn; see place.
func (m *Map) describeSpread(y *sheet, found spectrum) {
	components, residual := model(y, found, m.Axes)
	m.Residual = residual
	for j := range m.Variance {
		m.Variance[j] = components[j].variance
	}
}
