-- disconnect every Lengow account
UPDATE lengow_account
   SET state = 'draft',
       access_token = NULL,
       secret = NULL;
DELETE FROM lengow_api_token;
-- nobody who knows the addresses of feeds may read them from a copy
UPDATE lengow_feed
   SET access_token = NULL,
       basic_password = NULL,
       fetch_pending = false;
