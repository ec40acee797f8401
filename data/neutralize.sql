-- disconnect every Lengow account
UPDATE lengow_account
   SET state = 'draft',
       access_token = NULL,
       secret = NULL;
DELETE FROM lengow_api_token;
-- nothing of a notice waits to be asked for
UPDATE lengow_shipping_notice SET pending_step = NULL, pending_since = NULL;
