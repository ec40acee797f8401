-- disconnect every Lengow account
UPDATE lengow_account
   SET state = 'draft',
       access_token = NULL,
       secret = NULL;
DELETE FROM lengow_api_token;
-- what a copy has not sent is not its own to send, nor to wait for
UPDATE lengow_action
   SET state = 'cancelled'
 WHERE state IN ('pending', 'queued');
-- nothing of a notice waits to be asked for
UPDATE lengow_shipping_notice SET pending_step = NULL, pending_since = NULL;
-- nobody who knows the addresses of feeds may read them from a copy
UPDATE lengow_feed
   SET access_token = NULL,
       basic_password = NULL,
       fetch_pending = false;
