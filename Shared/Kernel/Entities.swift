// What an ID can name, across all services. Each is only a name: the values live in the service that owns them.

package enum Account {}
package enum Session {}
package enum Tenant {}
package enum Patient {}
package enum Doctor {}
package enum Mapping {}
package enum Provider {}
package enum Hospital {}
package enum Department {}
package enum Appointment {}
package enum EventRecord {}
package enum Delivery {}
package enum AuditEntry {}
