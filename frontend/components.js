// The interactive parts of Designsystemet that our pages use. Popovers, tabs and suggestions are left out until a
// page needs them: they bring polyfills and weight that every reader would pay for.
import "@digdir/designsystemet-web/clickdelegatefor";
import "@digdir/designsystemet-web/ds-error-summary";
import "@digdir/designsystemet-web/ds-field";
