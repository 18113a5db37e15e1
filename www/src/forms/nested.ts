import { embedsMany, ready, schema, t } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { page } from "./page.js";

await ready();

const Guest = schema.embedded({ name: t.string(), age: t.integer() });

const Booking = schema("bookings", {
  starts_on: t.date(),
  ends_on: t.date(),
  payment: t.enum("later", "card").default("later"),
  card: t.string(),
  guests: embedsMany(Guest, { onReplace: "delete" }),
}, { name: "Booking" });

const guest = Guest.changeset((c) =>
  c.cast("name", "age")
    .validateRequired("name")
    .validateNumber("age", { greaterThanOrEqualTo: 0 }));

const booking = Booking.changeset((c) =>
  c.cast("starts_on", "ends_on", "payment", "card")
    .validateRequired("starts_on", "ends_on")
    .validate("ends_on", (o) => o.ends_on.gt(o.starts_on), {
      message: "must be after the start",
    })
    .when((o) => o.payment.eq("card"), (c) => c.validateRequired("card"))
    .castEmbed("guests", {
      with: guest,
      required: true,
      sortParam: "guests_sort",
      dropParam: "guests_drop",
    }));

const { form, show } = page("nested");

bindForm(form, booking, {
  onChange: show,
  onSubmit: (_, { params }) => show(params),
});
